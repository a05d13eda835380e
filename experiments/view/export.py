"""Taking a run along: a page that opens offline, and a picture."""

from __future__ import annotations

import solara

from experiments.pages.layout import render
from experiments.story.page import story_page, story_picture
from experiments.view.plot import show_plot
from experiments.view.session import Session
from experiments.view.watch import use_shown
from experiments.words import shown_value


@solara.component
def Export(session: Session) -> None:
    """Buttons that save the run as it has come so far."""
    shown = use_shown(session)
    asked = solara.use_reactive(0)
    name = f"{session.crisis.value.name}-{session.start.value}-{session.seed.value}"
    name = f"{name}-{session.replicate.value}"
    changes = ", ".join(f"{key} = {shown_value(value)}" for key, value in session.fixed)
    luck = f"run {session.replicate.value} of seed {session.seed.value}"

    def page() -> str:
        return render(story_page(shown.model.told(), luck, changes))

    with solara.Row(gap="6px", classes=["export"]):
        with solara.Tooltip("Timeline, ladder and choices as one page that opens offline"):
            solara.FileDownload(page, f"{name}.html", label="Story", mime_type="text/html")
        with solara.Tooltip("Timeline, ladder and a choice as a picture"):
            solara.Button(
                "Picture", icon_name="mdi-image", on_click=lambda: asked.set(asked.value + 1)
            )
    picture = None
    if asked.value:
        picked = session.picked.value
        event = shown.run.ledger[picked] if picked is not None else None
        figure = story_picture(shown.run, event)
        picture = {"number": asked.value, "name": name, "figure": figure}
    empty = {"data": [], "layout": {"height": 0}}
    with solara.Div(style={"height": "0px", "overflow": "hidden"}):
        show_plot(empty, "", picture=picture)
