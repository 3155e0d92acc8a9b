-- One row per sworn roster officer: the first day on the force and not exempt, and the day after
-- the last.
select
    department_id,
    officer_id,
    greatest(
        coalesce(joined_on, '-infinity'::date), coalesce(exempt_until + 1, '-infinity'::date)
    ) as starts_on,
    coalesce(left_on, 'infinity'::date) as ends_before
from officers
where sworn and (exempt_until is not null or exempt_reason is null)
