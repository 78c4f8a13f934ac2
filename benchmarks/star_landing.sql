-- A landing zone of {rows} done visits: ten visits a customer, five app messages a visit, an invoice and a survey answer
-- every second one. Every row is good and lands once. Run by benchmarks/star_build.py.
create schema landing; create schema ml; create schema planning;
create table landing.erp_zones (zone_id bigint, nom_zone text, latitude_centre numeric, longitude_centre numeric,
    rayon_km numeric, superficie_km2 numeric, technicien_id bigint);
create table landing.erp_techniciens (technicien_id bigint, nom text, prenom text, email text, telephone text,
    date_embauche date, date_sortie date, zone_principale_id bigint, domicile_latitude numeric,
    domicile_longitude numeric, taux_horaire_eur numeric, heures_jour numeric);
create table landing.erp_competences (competence_id bigint, libelle text);
create table landing.erp_technicien_competences (technicien_competence_id bigint, technicien_id bigint,
    competence_id bigint, niveau bigint, obtenue_le date);
create table landing.erp_absences (absence_id bigint, technicien_id bigint, date_debut date, date_fin date, motif text);
create table landing.erp_types_intervention (type_intervention_id bigint, libelle text, categorie text,
    competence_id bigint, duree_standard_min bigint);
create table landing.erp_articles (article_id bigint, reference text, libelle text, prix_unitaire_eur numeric,
    competence_id bigint);
create table landing.erp_clients (client_id bigint, nom text, prenom text, type_client text, segment text, email text,
    telephone text, adresse text, code_postal text, ville text, latitude numeric, longitude numeric, zone_id bigint,
    ouverture time, fermeture time, accepte_contact boolean, date_creation date);
create table landing.erp_contrats (contrat_id bigint, client_id bigint, reference text, date_debut date, date_fin date,
    montant_annuel_eur numeric, nb_visites_an bigint, statut text, date_resiliation date, motif_resiliation text,
    contrat_precedent_id bigint);
create table landing.erp_installations (installation_id bigint, client_id bigint, competence_id bigint, date_pose date,
    puissance_kva numeric);
create table landing.erp_interventions (intervention_id bigint, client_id bigint, contrat_id bigint,
    installation_id bigint, type_intervention_id bigint, technicien_id bigint, demande_at timestamptz, date_due date,
    date_planifiee date, heure_prevue time, duree_prevue_min bigint, urgence text, statut text, rdv_debut timestamptz,
    rdv_fin timestamptz, taux_horaire_eur numeric, intervention_origine_id bigint);
create table landing.erp_intervention_pieces (intervention_piece_id bigint, intervention_id bigint, article_id bigint,
    quantite bigint, prix_unitaire_eur numeric);
create table landing.erp_devis (devis_id bigint, client_id bigint, intervention_id bigint, technicien_id bigint,
    date_emission date, montant_eur numeric, statut text, date_decision date);
create table landing.erp_factures (facture_id bigint, client_id bigint, intervention_id bigint, contrat_id bigint,
    devis_id bigint, date_facture date, nature text, montant_pieces_eur numeric, montant_mo_eur numeric,
    montant_heures_sup_eur numeric, montant_total_eur numeric, statut text);
create table landing.erp_reclamations (reclamation_id bigint, client_id bigint, intervention_id bigint,
    date_ouverture date, motif text, statut text, date_resolution date);
create table landing.app_evenements (fichier text, ligne int, payload text, encodage text);
create table landing.portail_demandes (fichier text, ligne int, payload text, encodage text);
create table landing.enquete_reponses (fichier text, ligne int, payload text, encodage text);
do $$ declare nom text; begin
    for nom in select tablename from pg_tables where schemaname = 'landing' loop
        execute format('alter table landing.%I add _source text default ''banc'', add _lot text default ''1'', '
            'add _charge_at timestamptz default ''2025-11-14 19:00+00''', nom);
        if nom like 'erp_%' then
            execute format('alter table landing.%I add updated_at timestamptz default ''2025-01-01 00:00+00'', '
                'add _supprime boolean default false', nom);
        end if;
    end loop;
end $$;
create table ml.scores_churn (client_id int, as_of date, score double precision, risque_churn text, cause_1 text,
    cause_2 text, cause_3 text, action_suggeree text);

insert into landing.erp_zones select i, 'Zone ' || i, 45.9, 6.1, 4, 20, 1 from generate_series(1, 7) as i;
insert into landing.erp_techniciens
select i, 'Nom' || i, 'Luc', null, null, '2018-01-01', null, 1 + i % 7, 45.9, 6.1, 32, 8 from generate_series(1, 100) as i;
insert into landing.erp_competences select i, 'Competence ' || i from generate_series(1, 8) as i;
insert into landing.erp_types_intervention
select i, 'Type ' || i, (array['Preventif', 'Depannage', 'Controle', 'Installation'])[1 + i % 4], 1 + i % 8, 60
from generate_series(1, 32) as i;
insert into landing.erp_articles select i, 'R' || i, 'Article ' || i, 10, 1 from generate_series(1, 32) as i;
insert into landing.erp_clients
select i, 'Nom' || i, 'Zoé', 'Particulier', (array['Bronze', 'Argent', 'Or'])[1 + i % 3], 'a@exemple.fr', '0450000000',
    '1 rue du Lac', '74000', 'Annecy', 45.9, 6.1, 1 + i % 7, '08:00', '18:00', true, '2020-01-01'
from generate_series(1, {rows} / 10) as i;
insert into landing.erp_contrats
select i, i, 'C' || i, '2024-11-20', '2025-11-19', 300, 2, 'Actif', null, null, null from generate_series(1, {rows} / 10) as i;
insert into landing.erp_interventions
select i, 1 + i % ({rows} / 10), 1 + i % ({rows} / 10), null, 1 + i % 32, 1 + i % 100,
    '2024-01-01 00:00+00'::timestamptz + (i % 650) * interval '1 day', '2024-01-20'::date + (i % 650),
    '2024-01-22'::date + (i % 650), '09:00', 60, 'Normale', 'Terminee', null, null, 60, null
from generate_series(1, {rows}) as i;
insert into landing.erp_intervention_pieces select i, i * 3, 1 + i % 32, 1, 10 from generate_series(1, {rows} / 3) as i;
insert into landing.erp_factures
select i, 1 + (i * 2) % ({rows} / 10), i * 2, null, null, '2024-02-01'::date + (i % 600), 'Intervention', 10, 50, 0, 60, 'Payee'
from generate_series(1, {rows} / 2) as i;
insert into landing.app_evenements
select 'app/2025/11/14/banc.jsonl', 5 * i + k, jsonb_build_object(
    'evenement_id', md5((5 * i + k)::text)::uuid,
    'type', (array['arrivee', 'depart', 'note', 'rapport_signe', 'pieces'])[k],
    'intervention_id', i,
    'technicien_id', 1 + i % 100,
    'survenu_at', to_char('2024-01-22 08:00'::timestamp + (i % 650) * interval '1 day'
        + case when k > 1 then interval '65 minutes' else interval '0' end, 'YYYY-MM-DD"T"HH24:MI:SS"+01:00"'),
    'envoye_at', to_char('2024-01-22 10:00'::timestamp + (i % 650) * interval '1 day', 'YYYY-MM-DD"T"HH24:MI:SS"+01:00"'),
    'donnees', (array[
        '{{"latitude": 45.9, "longitude": 6.1, "km_trajet": 7.5}}', '{{"latitude": 45.9, "longitude": 6.1}}', '{{"note": 4}}',
        '{{"conforme": true, "probleme_resolu": true, "signataire": "Zoé"}}', '{{"pieces": [{{"article_id": 3, "quantite": 1}}]}}'
    ])[k]::jsonb)::text, 'utf-8'
from generate_series(1, {rows}) as i, generate_series(1, 5) as k;
insert into landing.enquete_reponses
select 'enquete/reponses_20251114.csv', i, jsonb_build_object(
    'Invitation', 'E' || i, 'Intervention', (i * 2)::text, 'Client', (1 + (i * 2) % ({rows} / 10))::text,
    'Envoye le', to_char('2024-01-25'::date + (i % 600), 'DD/MM/YYYY') || ' 09:00', 'Canal', 'E-mail',
    'Repondu le', to_char('2024-01-26'::date + (i % 600), 'DD/MM/YYYY') || ' 10:00',
    'Q1 Recommandation (0-10)', '8', 'Q2 Technicien professionnel', 'Oui')::text, 'utf-8'
from generate_series(1, {rows} / 2) as i;
analyze;
