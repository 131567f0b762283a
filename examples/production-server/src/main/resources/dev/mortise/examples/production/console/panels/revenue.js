// What was invoiced, in all and to each tenant.

import { el } from '../dom.js';
import { t } from '../i18n.js';

export default {
  id: 'revenue',
  show(content) {
    content.append(el('p', { class: 'empty' }, t('nothing')));
  },
};
