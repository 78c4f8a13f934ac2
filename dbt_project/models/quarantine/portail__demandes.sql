{{ lignes_en_quarantaine(ref('base_portail__demandes')) }}
