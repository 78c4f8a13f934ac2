{{ lignes_en_quarantaine(ref('base_app__evenements')) }}
