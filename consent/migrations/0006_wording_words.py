from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consent", "0005_access")]

    operations = [
        migrations.AddField(model_name="wording", name="words", field=models.JSONField(null=True)),
    ]
