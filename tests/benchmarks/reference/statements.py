"""The statements that `by_hand` runs."""

CLAIM = """
    INSERT INTO request_key (client, key, fingerprint, made_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT DO NOTHING RETURNING key
"""
FIND = "SELECT status, headers, body FROM request_key WHERE client = $1 AND key = $2"
SITE = "SELECT 1 FROM site WHERE id = $1"
HOUSEHOLD = """
    INSERT INTO household (id, phone, email, address, made_at, phone_key, version) VALUES ($1, $2, $3, $4, $5, $6, 1)
"""
INDIVIDUAL = """
    INSERT INTO individual (id, household_id, given_name, family_name, birth_date, sex, nationality,
        other_nationalities, languages, last_assisted_return, given_key, family_key, version)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1)
"""
CASE = """
    INSERT INTO case_file (id, household_id, site_id, channel, host_country, destination_country, destination_area,
        arrived_in_host_country, bands_told_on, means, registered_at, registered_by, status, version)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'open', 1)
"""
MEMBER = """
    INSERT INTO case_member (case_id, individual_id, place, relation, responsible, protection_pending, status, attempt)
    VALUES ($1, $2, $3, $4, $5, $6, 'open', 1)
"""
DOCUMENT = """
    INSERT INTO document (id, case_id, individual_id, kind, number, issuing_country, valid_from, valid_until,
        for_country, single_journey, recorded_at, recorded_by, valid, version)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, true, 1)
"""
SEQUENCE = """
    INSERT INTO stream (key, sequence, recorded) VALUES ($1, $2, $3)
    ON CONFLICT (key) DO UPDATE SET sequence = stream.sequence + excluded.sequence,
        recorded = greatest(stream.recorded, excluded.recorded)
    RETURNING sequence
"""
OUTBOX = """
    INSERT INTO outbox (event_id, key, sequence, type, subject, occurred, recorded, body)
    VALUES ($1, $2, $3, $4, $5, $6, $6, $7)
"""
AUDIT = """
    INSERT INTO audit (at, machine, by, roles, action, ids, status, cause, correlation)
    VALUES ($1, $1, $2, $3, $4, $5, $6, $7, $7)
"""
KEEP = "UPDATE request_key SET status = $3, headers = $4, body = $5 WHERE client = $1 AND key = $2"

READ_CASE = """
    SELECT c.*, h.phone, h.email, h.address FROM case_file c JOIN household h ON h.id = c.household_id WHERE c.id = $1
"""
READ_MEMBERS = """
    SELECT m.*, i.given_name, i.family_name, i.birth_date, i.sex, i.nationality, i.other_nationalities, i.languages,
        i.last_assisted_return
    FROM case_member m JOIN individual i ON i.id = m.individual_id WHERE m.case_id = $1 ORDER BY m.place
"""
READ_DOCUMENTS = """
    SELECT d.* FROM document d JOIN case_member m ON m.individual_id = d.individual_id
    WHERE m.case_id = $1 ORDER BY d.id
"""
READ_HOLDS = "SELECT individuals FROM hold WHERE case_id = $1 AND released_at IS NULL"
LIST_CASES = """
    SELECT id, site_id, status, host_country, destination_country, registered_at
    FROM case_file ORDER BY id DESC LIMIT $1
"""
LIST_MEMBERS = """
    SELECT m.case_id, m.individual_id, m.relation, m.status, i.birth_date, i.given_name, i.family_name
    FROM case_member m JOIN individual i ON i.id = m.individual_id
    WHERE m.case_id = ANY($1) ORDER BY m.case_id, m.place
"""

SHOWN_OF_A_CASE = (
    "id", "household_id", "site_id", "channel", "host_country", "destination_country", "destination_area",
    "arrived_in_host_country", "means", "status", "closed_reason",
)  # fmt: skip
SHOWN_OF_A_MEMBER = (
    "individual_id", "relation", "status", "attempt", "sex", "nationality", "protection_pending", "clearance_id",
    "flight_id", "last_assisted_return",
)  # fmt: skip
SHOWN_OF_A_DOCUMENT = (
    "id", "individual_id", "kind", "number", "issuing_country", "valid_from", "valid_until", "for_country",
    "single_journey", "valid", "invalid_reason",
)  # fmt: skip
LISTED_OF_A_CASE = ("id", "site_id", "status", "host_country", "destination_country")
