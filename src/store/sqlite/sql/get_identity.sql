SELECT meaning, went_to FROM identity WHERE day = ?1 AND digest = ?2
