"""Writes of imports: register, survey, run, discard. The work itself is in `webapp.datasets.importing`."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from django.db import transaction

from webapp.accounts.models import User
from webapp.core import storage
from webapp.core.errors import Conflict, DomainError
from webapp.core.spreadsheet import as_text
from webapp.datasets.formats import formats, reader
from webapp.datasets.formats.labelled import IGNORE, LabelledImage
from webapp.datasets.importing import (
    Alter,
    ImportReport,
    Prepared,
    category_mapping,
    frames_there,
    labels_write,
    survey,
)
from webapp.exchange.models import LabelImport
from webapp.exchange.source import Preview, opened, read_of, suggested
from webapp.footage.models import Clip, Drive, Upload
from webapp.jobs.models import Job
from webapp.jobs.services import enqueue
from webapp.registry.models import ModelVersion

SHOWN = 100  # problems that the row itself keeps; the file has them all
BUSY = (LabelImport.State.SURVEYING, LabelImport.State.IMPORTING)
State = LabelImport.State
Progress = Callable[[int, int | None], None]


def import_register(*, upload: Upload, key: str, size: int) -> LabelImport:
    """A complete upload of labels, and the job that looks into it."""
    one = LabelImport.objects.create(
        drive=upload.drive, upload=upload, filename=upload.filename, key=key, size=size, created_by=upload.created_by
    )
    return _enqueue(one, Job.Kind.SURVEY_LABELS, f"Look into {one.filename}", upload.created_by, {})


@transaction.atomic
def survey_request(one: LabelImport, *, format: str, by: User) -> LabelImport:
    """Look into it again as another format.

    Raises:
        DomainError `unknown_format`; Conflict `import_busy` or `imported_already`.
    """
    one = _idle(one)
    reader(format)
    one.format, one.state, one.survey = format, State.SURVEYING, {}
    one.save()
    return _enqueue(one, Job.Kind.SURVEY_LABELS, f"Look into {one.filename}", by, {})


def survey_run(one: LabelImport, on_progress: Progress) -> dict[str, Any]:
    """What is in the file: counts, problems, a suggested mapping, a few frames. Writes no label."""
    preview = Preview(one.drive)
    seen = 0

    def look(image: LabelledImage) -> None:
        nonlocal seen
        seen += 1
        preview.look(image)
        on_progress(seen, None)

    with opened(one) as folder:
        chosen, found, read = read_of(one, folder)
        result = survey(read, look)
    ours = suggested(result.by_category, one.drive.taxonomy)
    one.format, one.formats, one.state = chosen, found, State.READY
    one.labels_are = LabelImport.LabelsAre.PRELABELS if formats()[chosen].prelabels else LabelImport.LabelsAre.TRUTH
    one.survey = {
        "frames": result.frames,
        "boxes": result.boxes,
        "scored": result.scored,
        "pictures": result.pictures,
        "categories": [
            {"name": name, "boxes": count, "ours": ours[name], "ignore": name == IGNORE}
            for name, count in result.by_category.most_common()
        ],
        "problem_count": len(result.problems),
        "problems": result.problems[:SHOWN],
        "preview": preview.frames,
    }
    one.save()
    return {"format": chosen, **{name: one.survey[name] for name in ("frames", "boxes", "problem_count")}}


@transaction.atomic
def import_request(
    one: LabelImport,
    *,
    mapping: Mapping[str, str | None],
    labels_are: str,
    model_name: str,
    dry_run: bool,
    by: User,
) -> LabelImport:
    """A job that brings it in, or with `dry_run` tells what would come.

    Raises:
        DomainError: `unknown_categories`, `unknown_target`, `model_name_required`. Conflict: `import_busy`, `imported_already`, `not_surveyed`.
    """
    one = _idle(one)
    if not one.survey:
        raise Conflict("not_surveyed", "Nobody has looked into this file successfully yet: choose its format first.")
    if labels_are == LabelImport.LabelsAre.PRELABELS and not model_name.strip():
        why = "Whose pre-labels are they? Name the model."
        raise DomainError("model_name_required", why, fields={"model_name": why})
    one.mapping, one.labels_are, one.model_name = dict(mapping), labels_are, model_name.strip()
    _categories(one)
    one.state, one.report = State.IMPORTING, None
    one.save()
    title = f"{'Try' if dry_run else 'Import'} {one.filename}"
    return _enqueue(one, Job.Kind.IMPORT_LABELS, title, by, {"dry_run": dry_run})


def import_run(
    one: LabelImport,
    *,
    dry_run: bool,
    on_progress: Progress,
    settle: Callable[[], None] = lambda: None,
    goes_on: tuple[type[BaseException], ...] = (),
    alter: Alter | None = None,
) -> dict[str, Any]:
    """Bring it in whole, or with `dry_run` do it all and take it back. `settle` runs in the transaction of the rows, as the job's fence.

    After any error its pictures leave the store, but for those in `goes_on`: then another attempt needs them. A second run of what was imported changes nothing.
    """
    if one.state == State.IMPORTED:
        return _summary(one)
    categories = _categories(one)
    with opened(one) as folder, Prepared(keep=not dry_run, left_by=goes_on, alter=alter) as prepared:
        read = read_of(one, folder)[2]
        prepared.fill(read, frames_there(one.drive), lambda done: on_progress(done, one.survey.get("frames")))
        with transaction.atomic():
            Drive.objects.select_for_update().get(id=one.drive_id)
            report = labels_write(prepared, drive=one.drive, categories=categories, model=_model(one))
            settle()
            if dry_run:
                transaction.set_rollback(True)
            else:
                _report(one, report, dry_run=False)
    if dry_run:
        _report(one, report, dry_run=True)
    else:
        _discard_file(one)
    return _summary(one)


@transaction.atomic
def import_failed(one: LabelImport) -> None:
    """Its job ended without a result: the file waits for another format, or another try."""
    LabelImport.objects.filter(id=one.id, state__in=BUSY).update(state=State.FAILED)


def import_discard(one: LabelImport) -> None:
    """Throw the file away; labels that came in stay.

    Raises:
        Conflict `import_busy`.
    """
    with transaction.atomic():
        one = LabelImport.objects.select_for_update().get(id=one.id)
        if one.state in BUSY:
            raise Conflict("import_busy", "A job is at this file; cancel it first.")
        keys = [frame["key"] for frame in one.survey.get("preview", [])]
        key, report = one.key, one.problems_key
        one.delete()
    for unnamed in (*keys, report):
        if unnamed:
            storage.remove(unnamed)
    _remove_unnamed(key)


def _enqueue(one: LabelImport, kind: str, title: str, by: User, params: dict[str, Any]) -> LabelImport:
    one.job = enqueue(
        kind,
        workspace=one.drive.workspace,
        params={"label_import": one.id, "drive": one.drive_id, **params},
        title=title,
        created_by=by,
    )
    one.save(update_fields=["job"])
    return one


def _idle(one: LabelImport) -> LabelImport:
    one = LabelImport.objects.select_for_update().select_related("drive__workspace", "drive__taxonomy").get(id=one.id)
    if one.state in BUSY:
        raise Conflict("import_busy", "A job is at this file already.")
    if one.state == State.IMPORTED:
        raise Conflict("imported_already", "This file was imported already.")
    return one


def _categories(one: LabelImport) -> dict[str, Any]:
    counts = {row["name"]: row["boxes"] for row in one.survey["categories"]}
    mapped = {name: ours for name, ours in one.mapping.items() if ours is not None}
    ignored = frozenset(name for name, ours in one.mapping.items() if ours is None)
    return category_mapping(counts, one.drive.taxonomy, mapped=mapped, ignored=ignored)


def _model(one: LabelImport) -> ModelVersion | None:
    """The model of pre-labels, registered by name; it has no weights here."""
    if one.labels_are == LabelImport.LabelsAre.TRUTH:
        return None
    known, _ = ModelVersion.objects.get_or_create(
        workspace=one.drive.workspace, name=one.model_name, defaults={"ref": f"imported:{one.model_name}"}
    )
    return known


def _report(one: LabelImport, report: ImportReport, *, dry_run: bool) -> None:
    found = asdict(report)
    problems = found.pop("problems")
    text = "problem\r\n" + "".join(f'"{_cell(problem)}"\r\n' for problem in problems)
    one.report = {**found, "dry_run": dry_run, "problem_count": len(problems), "problems": problems[:SHOWN]}
    one.problems_key = storage.put_bytes(text.encode("utf-8-sig"), ".csv")
    one.state = State.READY if dry_run else State.IMPORTED
    one.save()


def _cell(text: str) -> str:
    """Quoted for CSV; what a spreadsheet would take for a formula is told to be text."""
    return as_text(text).replace('"', '""')


def _summary(one: LabelImport) -> dict[str, Any]:
    report = {name: value for name, value in (one.report or {}).items() if name != "problems"}
    return {"label_import": one.id, "drive": one.drive_id, **report}


def _discard_file(one: LabelImport) -> None:
    key = one.key
    LabelImport.objects.filter(id=one.id).update(key="")
    _remove_unnamed(key)


def _remove_unnamed(key: str) -> None:
    named = Clip.objects.filter(key=key).exists() or LabelImport.objects.filter(key=key).exists()
    if key and not named:
        storage.remove(key)
