-- One row for each office that a person holds in a body: the days from from_day to before to_day
-- on which it may have been held, and the party that it leads to.
-- The first and the last day of the calendar stand for an open beginning and an open end.
SELECT
    office.actor_id,
    coalesce(office.start_earliest, DATE '0001-01-01') AS from_day,
    CASE
        WHEN office.end_latest < DATE '9999-12-31'
            THEN CAST(office.end_latest + INTERVAL '1' DAY AS DATE)
        ELSE DATE '9999-12-31'
    END AS to_day,
    body.root_id AS party_id
FROM roles AS office
JOIN actors AS holder ON holder.id = office.actor_id AND holder.kind = 'person'
JOIN actor_roots AS body ON body.actor_id = office.org_id
