"""Run by Alembic, on the connection that `upgrade` hands over."""

from alembic import context

from booking import models as booking_models
from booking.database import Base
from bot import models as bot_models
from conversations import models as conversation_models

MAPPED = (booking_models, conversation_models, bot_models)  # imported so that Base knows them

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=False,  # the transaction is the caller's
)
context.run_migrations()
