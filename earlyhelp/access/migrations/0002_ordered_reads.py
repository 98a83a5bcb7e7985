import earlyhelp.core.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='readlog',
            name='id',
            field=models.UUIDField(default=earlyhelp.core.ids.ordered_id, editable=False, primary_key=True, serialize=False),
        ),
    ]
