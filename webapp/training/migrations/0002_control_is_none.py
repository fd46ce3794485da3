"""The method that learns from labels alone is called `none` now, as the control of every comparison."""

from django.db import migrations


def rename(apps, before, after):
    apps.get_model("training", "TrainingRun").objects.filter(method=before).update(method=after)
    apps.get_model("registry", "ModelVersion").objects.filter(method=before).update(method=after)
    apps.get_model("training", "MethodSpec").objects.filter(name=before).delete()  # workers publish it anew
    jobs = apps.get_model("jobs", "Job").objects.filter(kind="estimate_run", state="queued")
    for job in jobs.filter(params__method=before):
        job.params["method"] = after
        job.save(update_fields=["params"])


class Migration(migrations.Migration):
    dependencies = [
        ("training", "0001_initial"),
        ("registry", "0002_lineage_promotion_evaluation"),
        ("jobs", "0002_training_kinds"),
    ]

    operations = [
        migrations.RunPython(
            lambda apps, schema: rename(apps, "supervised", "none"),
            lambda apps, schema: rename(apps, "none", "supervised"),
        )
    ]
