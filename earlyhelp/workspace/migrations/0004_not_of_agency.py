from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('workspace', '0003_open_of_agency'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='caseloadentry',
            name='caseload_of_agency',
        ),
    ]
