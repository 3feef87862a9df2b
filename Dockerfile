# One image for web, worker and migrate. Built with: docker build -t tabletalk .
FROM python:3.12-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
RUN pip install --no-cache-dir uv==0.13.8
COPY pyproject.toml requirements.lock README.md LICENSE ./
COPY src src
COPY webhooks webhooks
# The lock pins and hashes what is installed; the tools for development are left out.
RUN uv pip install --system --no-cache --compile-bytecode --constraint requirements.lock .
# nobody, by number: so that a host can see that it is not root.
USER 65534:65534
EXPOSE 8000
ENTRYPOINT ["tabletalk"]
CMD ["serve", "--host", "0.0.0.0"]
