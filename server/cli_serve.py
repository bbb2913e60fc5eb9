"""``msevidence serve``: the SPARQL endpoint and the pages over the current release."""

import ipaddress
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

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
    "--slow-workers",
    type=click.IntRange(0, 64),
    default=DEFAULTS.slow_workers,
    show_default=True,
    help="More of them for what runs long while others ask, at the lowest priority; 0: all run alike.",
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
@click.option(
    "--log-format", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Form of the log."
)
@click.option("--access-log", is_flag=True, help="Log every request: method, path, status, size, time.")
@click.option("--log-addresses", is_flag=True, help="Name clients by their addresses in the log.")
@click.option("--metrics-for", multiple=True, metavar="NETWORK", help="Who may read /metrics, beside this machine.")
@data_option
@home_option
@store_option
def serve(
    host: str,
    port: int,
    public_url: str | None,
    trusted_proxy: str | None,
    workers: int,
    slow_workers: int,
    deadline: float,
    allow_service: tuple[str, ...],
    anew: bool,
    unsandboxed: bool,
    log_format: str,
    access_log: bool,
    log_addresses: bool,
    metrics_for: tuple[str, ...],
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
    from msevidence.server.serving import ServeError, bind
    from msevidence.server.serving import serve as run

    console.configure(as_json=log_format == "json", addresses=log_addresses)
    _require_networks(metrics_for)
    _require_site(public_url)
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
        slow_workers=slow_workers,
        deadline=deadline,
        service_allow=allow_service,
        unsandboxed=unsandboxed,
        access_log=access_log,
        metrics_for=metrics_for,
        store=None if elsewhere is None else str(elsewhere),
    )
    try:
        run(home, host, port, settings, bound=bound)
    except ServeError as e:
        raise StoreFailure(str(e)) from e


def _require_site(public_url: str | None) -> None:
    if public_url is None:
        return
    parts = urlsplit(public_url)
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or parts.path.strip("/")
        or parts.query
        or parts.fragment
    ):
        said = "give scheme and host alone, as https://kg.example.org; the pages stand at the top of it"
        raise click.UsageError(f"--public-url {public_url}: {said}")


def _require_networks(names: tuple[str, ...]) -> None:
    for name in names:
        try:
            ipaddress.ip_network(name)
        except ValueError as error:
            raise click.UsageError(
                f"--metrics-for {name}: {error}; write an address or a network, as 10.0.0.0/8"
            ) from error


def _has_release(home: Path) -> bool:
    """Tell whether something is published here.

    Raises:
        StoreFailure: it is, and can not be read: another graph in its place would hide that.
    """
    from msevidence.server.releases import NoReleaseError, current

    try:
        current(home)
    except NoReleaseError as e:
        if (home / "current").is_symlink():
            raise StoreFailure(f"{e}; `msevidence serve --build` builds from the data and serves that") from e
        return False
    return True
