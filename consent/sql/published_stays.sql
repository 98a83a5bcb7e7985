CREATE TRIGGER published_stays BEFORE UPDATE OR DELETE ON consent_wording
FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION consent_published_stays();
