"""`passerby page` as an operator uses it, on the page that was built."""

from pathlib import Path

from tests.command.running import Running


async def said(*arguments: str | Path, code: int = 0, **environment: str) -> str:
    async with Running.start("page", *arguments, **environment) as running:
        assert await running.ends() == code, running.said
        return running.said


async def test_it_writes_the_page_with_what_the_settings_say_and_what_to_do_next(tmp_path: Path) -> None:
    place, config = tmp_path / "served", tmp_path / "mine.toml"
    config.write_text('operator = "Ada"\nads_url = "https://ads.example.org/slot"\n')
    first = await said(place, "--config", config)
    assert f"{place}/www: " in first
    assert f"{place}/headers.caddy: " in first
    assert "passerby doctor" in first
    assert b'{"operator":"Ada","relay":"none","ads":{' in (place / "www" / "index.html").read_bytes()
    assert "frame-src https://ads.example.org;" in (place / "headers.caddy").read_text()
    assert (place / "www" / "legal" / "en" / "privacy.html").is_file()
    scripts = list((place / "www" / "assets").glob("index-*.js"))
    assert [file.with_name(f"{file.name}{form}").is_file() for file in scripts for form in (".br", ".gz")] == [
        True,
        True,
    ]
    assert ", 0 of them new or changed" in await said(place, "--config", config)
    await said(place)
    assert "example.org;" not in (place / "headers.caddy").read_text()


async def test_what_is_wrong_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    refused = await said(tmp_path, code=1)
    assert refused.startswith(f"passerby: {tmp_path} has something in it that is not ours")
    assert refused.count("\n") == 1
    nowhere = await said(tmp_path / "served", code=1, PASSERBY_PAGE=str(tmp_path))
    assert nowhere.startswith("passerby: there is no page: build it")
