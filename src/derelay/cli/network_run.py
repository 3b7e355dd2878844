"""A network run for people: what happens as it happens, then a table."""

from __future__ import annotations

import json as json_text
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.rule import Rule

from derelay.cli.errors import BadInput
from derelay.cli.network_table import show
from derelay.cli.stopping import stopped_by_signals
from derelay.local.cast import Cast
from derelay.local.moment import Moment
from derelay.local.names import NAMES
from derelay.local.narrator import Narrator
from derelay.local.network import Network
from derelay.local.network_folders import found, prepare
from derelay.local.network_setting import Setting

WIDTH = 110
"""Where there is no terminal."""


def run(heads: int | None, rounds: int, folder: Path | None, setting: Setting, *, json: bool) -> None:
    """Run a network until so many heads are accepted or so many rounds are over, and print what it took.

    Raises
    ------
    BadInput
        If it brings fewer heads.
    NetworkError
        If it cannot be run, or stands still.
    """
    console = Console(stderr=json, highlight=False)
    if not console.is_terminal:
        console = Console(stderr=json, highlight=False, width=WIDTH)
    with _folder(folder) as home, stopped_by_signals() as stop:
        console.print(f"a devnet, and {setting.nodes} nodes in {home}", style="dim", soft_wrap=True)
        with Network(setting, home) as network:
            tell = _teller(console, network, heads or rounds)
            result = network.run(heads, rounds, stop, lambda relay: tell())
    if json:
        print(json_text.dumps(result.to_json(), indent=1))
    else:
        show(console, result)
    if heads is not None and result.heads < heads and not stop.is_set():
        raise BadInput(f"{rounds} rounds brought {result.heads} heads, not {heads}: run it again")


def prepare_folders(file: Path, folder: Path, setting: Setting) -> None:
    """Write the folders of nodes for a chain that runs already, with the relay created, and print what to do.

    Parameters
    ----------
    file
        What `derelay devnet --json` printed.

    Raises
    ------
    BadInput
        If it is no such file, or has too few accounts.
    NetworkError
        If the relay cannot be created.
    """
    try:
        chain = json_text.loads(file.read_text())
        keys = [bytes.fromhex(account["key"].removeprefix("0x")) for account in chain["accounts"]]
        url = str(chain["url"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInput(f"--prepare {file}: give what derelay devnet --json printed ({error})") from error
    if len(keys) < setting.nodes:
        raise BadInput(f"{file} has {len(keys)} accounts, {setting.nodes} nodes need one each: start more")
    with _folder(folder) as home:
        nodes = prepare(setting, url, keys, home)
        found(setting, nodes)
    for node in nodes:
        print(f"cd {node.folder} && derelay join")


@contextmanager
def _folder(folder: Path | None) -> Iterator[Path]:
    """Return an empty folder: the one that was named, or one that goes at the end."""
    if folder is None:
        with tempfile.TemporaryDirectory(prefix="derelay-network-") as made:
            yield Path(made)
        return
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise BadInput(f"--folder {folder} is not empty: name another")
    yield folder.resolve()


def _teller(console: Console, network: Network, rounds: int) -> Callable[[], None]:
    names = {str(who): name for who, name in zip(network.devnet.addresses(), NAMES, strict=False)}
    cast = Cast(network.relay, (), names, ())
    last = [0]

    def show(moment: Moment) -> None:
        if moment.round != last[0]:
            last[0] = moment.round
            console.print(Rule(f"round {moment.round}", align="left", style="dim"))
        if moment.lines:
            console.print(f"[dim]{moment.phase.name.lower():6}[/]  {'; '.join(moment.lines)}")

    return Narrator(cast, lambda: None, rounds, show).tell
