"""Pages that are made at the first visit."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.types import Lifespan

from webhooks.pages.late import LatePages


class Story:
    """A house with late pages, and what has happened."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.app = FastAPI(lifespan=self.lifespan("house"))
        pages = LatePages(self.load, ("/simulator", "/_page"))
        self.app.router.routes.append(pages)
        self.app.router.lifespan_context = pages.around(self.app.router.lifespan_context)

    def lifespan(self, who: str) -> Lifespan[FastAPI]:
        @asynccontextmanager
        async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
            self.told.append(f"{who} begins")
            yield
            self.told.append(f"{who} ends")

        return lifespan

    def load(self) -> FastAPI:
        self.told.append("loaded")
        pages = FastAPI(lifespan=self.lifespan("page"))
        pages.get("/simulator")(lambda: "phones")
        return pages


def test_nothing_is_loaded_for_who_asks_for_something_else() -> None:
    story = Story()
    with TestClient(story.app) as client:
        assert client.get("/elsewhere").json() == {"detail": "Not Found"}

    assert story.told == ["house begins", "house ends"]


def test_the_first_visit_loads_and_the_end_of_the_house_ends_the_page() -> None:
    story = Story()
    with TestClient(story.app) as client:
        assert client.get("/simulator").json() == "phones"
        assert client.get("/simulator").json() == "phones"
        assert client.get("/_page/missing").status_code == 404

    assert story.told == ["house begins", "loaded", "page begins", "house ends", "page ends"]
