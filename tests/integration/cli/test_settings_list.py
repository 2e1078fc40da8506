from taskharbor.entrypoints.settings.settings import Settings


def test_every_setting_is_listed_with_value_default_and_meaning(taskharbor, monkeypatch):
    monkeypatch.setenv("TASKHARBOR_PORT", "9000")
    lines = taskharbor("settings").out.splitlines()
    assert sorted(line.partition("=")[0] for line in lines[::2]) == sorted(
        f"TASKHARBOR_{name.upper()}" for name in Settings.model_fields
    )
    assert "TASKHARBOR_PORT=9000" in lines
    assert all("[default: " in line for line in lines[1::2])


def test_the_list_is_there_even_when_a_setting_is_wrong(taskharbor, monkeypatch):
    monkeypatch.setenv("TASKHARBOR_PROT", "9000")
    shown = taskharbor("settings")
    assert shown.exit_code == 2
    assert "TASKHARBOR_PORT" in shown.out
    assert shown.err.startswith("taskharbor: TASKHARBOR_PROT is not a setting (did you mean TASKHARBOR_PORT?)")
