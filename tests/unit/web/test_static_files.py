"""The edition of the files: another one for any change, the same one for none."""

from pathlib import Path

from app.web.static_files import edition_of


def write(folder: Path, name: str, text: str) -> str:
    (folder / "css").mkdir(exist_ok=True)
    (folder / "css" / name).write_text(text, encoding="utf-8")
    return edition_of(folder)


def test_any_change_of_any_file_is_another_edition(tmp_path: Path) -> None:
    first = write(tmp_path, "a.css", "p { color: red }")
    assert write(tmp_path, "a.css", "p { color: red }") == first
    changed = write(tmp_path, "a.css", "p { color: blue }")
    more = write(tmp_path, "b.css", "")
    (tmp_path / "css" / "b.css").rename(tmp_path / "css" / "c.css")
    assert len({first, changed, more, edition_of(tmp_path)}) == 4
