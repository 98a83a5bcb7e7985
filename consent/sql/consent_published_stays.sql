-- A published version is never changed, because people signed it. Only the local words that it was read with, while it
-- takes them from the local procedure, may be put down in it: they stay as they were when that changes.
CREATE FUNCTION consent_published_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.words IS NULL AND to_jsonb(NEW) - 'words' = to_jsonb(OLD) - 'words' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'A published version of the agreement form is never changed';
END $$;
