from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_places'),
        ('families', '0031_known_words'),
        ('workspace', '0002_sorted'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='caseloadentry',
            index=models.Index(condition=models.Q(('stage', 'ended'), _negated=True), fields=['agency', 'runner'], name='caseload_open_of_agency'),
        ),
    ]
