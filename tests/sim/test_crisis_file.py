"""Crisis files: what cannot be read, and how the refusal reads."""

from __future__ import annotations

import os
import pickle
from importlib.resources import files
from pathlib import Path

import pytest

from sim import crisis_file
from sim.crisis_file import CrisisError, load_crisis, shipped_crises
from sim.errors import InputError

TWO_STATES = files("sim").joinpath("crises", "two-states.toml").read_text(encoding="utf-8")


def write(path: Path, **changes: str) -> Path:
    """Write the crisis of two states with some of its top lines changed; return the path."""
    text = TWO_STATES
    for key, value in changes.items():
        lines = (
            f"{key} = {value}" if line.startswith(f"{key} =") else line
            for line in text.splitlines()
        )
        text = "\n".join(lines)
    path.write_text(text, encoding="utf-8")
    return path


def refusal(path: str | Path) -> str:
    """Return the message with which a crisis is refused."""
    with pytest.raises(CrisisError) as caught:
        load_crisis(path)
    return str(caught.value)


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    """A misspelt name names the nearest shipped crisis and lists all."""
    message = refusal("january-2002")
    assert "'january-2002'; did you mean 'january-2020'?" in message
    assert all(name in message for name in shipped_crises())
    assert all(name in refusal("") for name in shipped_crises())


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """A path to nothing names the path; so does one through a file."""
    assert f"{tmp_path / 'no.toml'}: there is no such file" in refusal(tmp_path / "no.toml")
    (tmp_path / "file").write_text("x")
    assert "cannot be read: Not a directory" in refusal(tmp_path / "file" / "no.toml")


def test_a_directory_is_refused(tmp_path: Path) -> None:
    """A directory is called one, whether given as text or path."""
    assert "is a directory" in refusal(tmp_path)
    assert "is a directory" in refusal(str(tmp_path))


def test_what_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    """A link to itself, a pipe and an impossible path are refused with the reason, not hung on."""
    loop = tmp_path / "loop.toml"
    loop.symlink_to(loop)
    assert "cannot be read" in refusal(loop)
    os.mkfifo(tmp_path / "pipe.toml")
    assert "not a regular file" in refusal(tmp_path / "pipe.toml")
    assert "cannot be read" in refusal("a\0b.toml")
    assert "cannot be read" in refusal("x" * 5000 + ".toml")


def test_a_denied_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that may not be read says so."""

    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = write(tmp_path / "x.toml")
    monkeypatch.setattr(Path, "open", denied)
    assert f"{path} cannot be read: Permission denied" in refusal(path)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    """A file of nothing, or of comments only, is called empty."""
    path = tmp_path / "x.toml"
    for text in ("", "# nothing\n"):
        path.write_text(text)
        assert f"{path} is empty" in refusal(path)


def test_a_huge_file_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file over the cap is refused by its size alone, with both sizes named."""
    path = tmp_path / "x.toml"
    with path.open("wb") as file:
        file.truncate(crisis_file.MAX_BYTES + 1)
    monkeypatch.setattr(Path, "open", pytest.fail)
    assert "1,048,577 bytes; expected at most 1,048,576" in refusal(path)


def test_wrong_bytes_are_refused_with_their_line(tmp_path: Path) -> None:
    """A file that is not UTF-8 names the byte and its line."""
    path = tmp_path / "x.toml"
    path.write_bytes(b'name = "x"\ntitle = "caf\xe9"\n')
    assert "not UTF-8 text: byte 0xe9 in line 2" in refusal(path)


def test_a_byte_order_mark_is_no_error(tmp_path: Path) -> None:
    """A file saved with a byte order mark and Windows line ends loads the same."""
    path = tmp_path / "x.toml"
    path.write_bytes(b"\xef\xbb\xbf" + TWO_STATES.replace("\n", "\r\n").encode())
    assert load_crisis(path) == load_crisis(write(tmp_path / "y.toml"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('name = "x"\ntitle = = 2\n', "not valid TOML: Invalid value (at line 2, column 9)"),
        ("a = 1\na = 2\n", "not valid TOML: Cannot overwrite a value (at line 2"),
        ("a = 2020-02-30\n", "not valid TOML"),
        ("a = " + "9" * 5000, "not valid TOML"),
        ("a = " + "[" * 5000, "too deeply"),
        (".".join("a" * 9000) + " = 1", "x.toml"),
    ],
)
def test_what_is_not_toml_is_refused_with_its_place(tmp_path: Path, text: str, words: str) -> None:
    """A file that is not TOML, or abuses it, is refused with line and column if there are any."""
    path = tmp_path / "x.toml"
    path.write_text(text)
    assert words in refusal(path)


@pytest.mark.parametrize("version", ["2", "true", "'1'", "1.0"])
def test_another_schema_version_is_refused_at_once(tmp_path: Path, version: str) -> None:
    """A file of another version of the schema is refused for that alone."""
    path = write(tmp_path / "x.toml", schema_version=version, title="5")
    assert refusal(path).splitlines()[0] == f"{path} cannot be used:"
    assert "schema_version: " in refusal(path) and "expected 1" in refusal(path)
    assert len(refusal(path).splitlines()) == 2


def test_a_refusal_names_file_key_value_and_expectation(tmp_path: Path) -> None:
    """Wrong shapes are told line by line under the file; misfits once the shapes are right."""
    path = write(tmp_path / "x.toml", title="5", name="'Two'", trigger="'zzz'")
    first, *rest = refusal(path).splitlines()
    assert first == f"{path} cannot be used:"
    assert [line.strip().partition(":")[0] for line in rest] == ["name", "title"]
    assert rest[1] == "  title: 5 is not text"
    path = write(tmp_path / "x.toml", trigger="'shellling'")
    assert refusal(path).splitlines()[1:] == [
        "  trigger: 'shellling' is not a label of the script; did you mean 'shelling'?"
    ]


def test_many_errors_are_cut_short(tmp_path: Path) -> None:
    """No more than ten errors are shown; the rest is counted."""
    path = tmp_path / "x.toml"
    path.write_text("".join(f"wrong-{at} = 1\n" for at in range(15)) + TWO_STATES)
    lines = refusal(path).splitlines()
    assert len(lines) == 12
    assert lines[-1].strip() == "... and 5 more"


def test_a_shipped_file_bears_its_own_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shipped file whose name inside differs from its own is refused; a user's may differ."""
    path = write(tmp_path / "other.toml")
    monkeypatch.setattr(crisis_file, "_folder", lambda: tmp_path)
    assert "name: 'two-states' in a file of another name; expected 'other'" in refusal("other")
    assert load_crisis(path).name == "two-states"


def test_errors_are_input_errors_that_travel() -> None:
    """A refusal is an InputError and a ValueError, and survives the way between processes."""
    error = pickle.loads(pickle.dumps(CrisisError("x: y")))
    assert isinstance(error, InputError) and isinstance(error, ValueError)
    assert str(error) == "x: y"
