from django.db import migrations


class Migration(migrations.Migration):
    """The procedure is a document now. Its table stays for as long as code that reads it may still run."""

    dependencies = [
        ('accounts', '0004_password_mails'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel(name='LocalProcedure')],
        ),
    ]
