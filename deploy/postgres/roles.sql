-- Four databases and four roles, none of which can open another's. Run with psql by an owner of the server; running it
-- again changes nothing but the passwords. These come from the environment, and never stand in a file of this tree:
--
--   REGISTRATION_PASSWORD=... ELIGIBILITY_PASSWORD=... TRAVEL_PASSWORD=... REINTEGRATION_PASSWORD=... \
--     psql -X -v ON_ERROR_STOP=1 -d postgres -f deploy/postgres/roles.sql
--
-- PostgreSQL 15 or newer, since only from there on may not everybody make tables in the schema `public`.

\getenv registration_password REGISTRATION_PASSWORD
\getenv eligibility_password ELIGIBILITY_PASSWORD
\getenv travel_password TRAVEL_PASSWORD
\getenv reintegration_password REINTEGRATION_PASSWORD

-- What the log keeps of statements must not hold a password.
SET log_statement = 'none';
SET log_min_duration_statement = -1;

SELECT format('CREATE ROLE %I', name)
FROM unnest(ARRAY['registration', 'eligibility', 'travel', 'reintegration']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec

ALTER ROLE registration LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'registration_password';
ALTER ROLE eligibility LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'eligibility_password';
ALTER ROLE travel LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'travel_password';
ALTER ROLE reintegration LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'reintegration_password';

SELECT format('CREATE DATABASE %I OWNER %I', name, name)
FROM unnest(ARRAY['registration', 'eligibility', 'travel', 'reintegration']) AS name
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = name) \gexec

-- Everybody may connect everywhere unless it is taken from them.
REVOKE ALL ON DATABASE registration, eligibility, travel, reintegration, postgres, template1 FROM PUBLIC;
