import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension
from django.db import connection, migrations, models

from families.search import sounds, spelt


def know(apps, schema_editor):
    """The words of all names. Keys of how they sound, and of their parts, are nobody's any more: code that still runs finds by
    whole names until it is renewed, and so would an older one."""
    words = apps.get_model('families', 'KnownWord')
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('earlyhelp.system', 'words of names', true)")
        cursor.execute("SELECT DISTINCT key FROM families_searchkey WHERE kind = 'name' ORDER BY key")
        words.objects.bulk_create([words(word=word, spelt=spelt(word), sounds=sorted(sounds(word))) for (word,) in cursor.fetchall()], batch_size=5000)
        cursor.execute("DELETE FROM families_searchkey WHERE kind IN ('sound', 'trigram')")
        cursor.execute("SELECT set_config('earlyhelp.system', '', true)")


class Migration(migrations.Migration):

    dependencies = [
        ('families', '0030_document_moved'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        TrigramExtension(),
        migrations.CreateModel(
            name='KnownWord',
            fields=[
                ('word', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('spelt', models.TextField(help_text='In letters of which any database makes trigrams (families.search.spelt).')),
                ('sounds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), size=None)),
            ],
            options={
                'ordering': ['word'],
            },
        ),
        migrations.RunPython(know, migrations.RunPython.noop),
        migrations.RemoveIndex(
            model_name='searchkey',
            name='search_key',
        ),
        migrations.AlterField(
            model_name='searchkey',
            name='kind',
            field=models.CharField(choices=[('name', 'Name'), ('born', 'Born'), ('postcode', 'Postcode')], max_length=10),
        ),
        migrations.AddIndex(
            model_name='searchkey',
            index=models.Index(fields=['kind', 'key', 'family', 'person'], name='search_key_of'),
        ),
        migrations.AddIndex(
            model_name='knownword',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('spelt', name='gin_trgm_ops'), name='known_word_like'),
        ),
        migrations.AddIndex(
            model_name='knownword',
            index=django.contrib.postgres.indexes.GinIndex(fields=['sounds'], name='known_word_sounds'),
        ),
    ]
