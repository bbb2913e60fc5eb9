"""``msevidence serve``: the SPARQL endpoint and the pages over the current release."""

from dataclasses import replace
from pathlib import Path

import click

from msevidence.server.cli_build import publish
from msevidence.server.cli_common import StoreFailure, data_option, home_option, store_option
from msevidence.server.remote_place import Place
from msevidence.server.settings import Settings

DEFAULTS = Settings()


@click.command()
@click.option("--host", default=DEFAULTS.host, show_default=True, help="Address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=DEFAULTS.port, show_default=True, help="0: any free one."
)
@click.option("--public-url", help="Address that clients see, where a proxy stands in front.")
@click.option("--trusted-proxy", help="Address of a proxy whose X-Forwarded-* headers are believed.")
@click.option(
    "--workers", type=click.IntRange(1, 64), default=DEFAULTS.workers, show_default=True, help="SPARQL workers."
)
@click.option(
    "--deadline",
    type=click.FloatRange(0.1),
    default=DEFAULTS.deadline,
    show_default=True,
    help="Seconds a query may take.",
)
@click.option(
    "--allow-service", multiple=True, metavar="IRI", help="Endpoint that a SERVICE clause may name; repeatable."
)
@click.option("--build", "anew", is_flag=True, help="Build from the data first, even where there is a release.")
@click.option("--unsandboxed", is_flag=True, help="Serve other hosts although workers cannot be confined here.")
@data_option
@home_option
@store_option
def serve(
    host: str,
    port: int,
    public_url: str | None,
    trusted_proxy: str | None,
    workers: int,
    deadline: float,
    allow_service: tuple[str, ...],
    anew: bool,
    unsandboxed: bool,
    data: Path,
    home: Path,
    elsewhere: Place | None,
) -> None:
    """Serve the current release: pages at /, SPARQL at /sparql. Builds it first if there is none.

    A later `msevidence build` is served from the next request on, without a restart.

    With --store the release is asked of a store elsewhere; labels and the search stay in the release's own index.

    \b
    Examples:
      msevidence serve --port 8765
      msevidence serve --store sparql+https://graphs.example/sparql
    """
    if elsewhere is not None and allow_service:
        raise click.UsageError("--allow-service is of the embedded store; with --store, the other store would ask")
    from msevidence.server import console
    from msevidence.server.app import ServeError, bind
    from msevidence.server.app import serve as run

    console.configure()
    try:
        bound = bind(host, port)  # before the build, which takes its time
    except ServeError as e:
        raise StoreFailure(str(e)) from e
    if anew or not _has_release(home):
        publish(data, home)
    settings = replace(
        DEFAULTS,
        host=host,
        port=port,
        public_url=public_url.rstrip("/") if public_url else None,
        trusted_proxy=trusted_proxy,
        workers=workers,
        deadline=deadline,
        service_allow=allow_service,
        unsandboxed=unsandboxed,
        store=None if elsewhere is None else str(elsewhere),
    )
    try:
        run(home, host, port, settings, bound=bound)
    except ServeError as e:
        raise StoreFailure(str(e)) from e


def _has_release(home: Path) -> bool:
    from msevidence.server.releases import NoReleaseError, current

    try:
        current(home)
    except NoReleaseError:
        return False
    return True
