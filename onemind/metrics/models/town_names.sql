-- One row per name of a known town: the state, the name in lower case, and a point in the town.
with names as (
    select state, lower(municipality) as municipality, latitude, longitude
    from places
    union
    select
        state,
        lower(unnest(string_split(aliases, '|'))) as municipality,
        latitude,
        longitude
    from places
    where aliases <> ''
)
select state, municipality, any_value(latitude) as latitude, any_value(longitude) as longitude
from names
group by state, municipality
