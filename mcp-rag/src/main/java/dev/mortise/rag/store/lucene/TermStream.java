package dev.mortise.rag.store.lucene;

import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.BytesTermAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionIncrementAttribute;
import org.apache.lucene.analysis.tokenattributes.TermFrequencyAttribute;
import org.apache.lucene.store.ByteArrayDataInput;
import org.apache.lucene.util.BytesRef;

/**
 * Terms for the index, each with how often it stands in the text. Tokens that say again what another says count as no
 * length, which Lucene takes from places that do not advance: those come one by one.
 */
final class TermStream extends TokenStream {
    private final BytesTermAttribute name = addAttribute(BytesTermAttribute.class);
    private final TermFrequencyAttribute frequency = addAttribute(TermFrequencyAttribute.class);
    private final PositionIncrementAttribute increment = addAttribute(PositionIncrementAttribute.class);
    private final DocumentTerms terms;
    private final ByteArrayDataInput in;
    private final BytesRef scratch = new BytesRef();
    private int term;
    private int again;

    /** @param counts as {@link DocumentTerms} writes them */
    TermStream(DocumentTerms terms, byte[] counts) {
        this.terms = terms;
        this.in = new ByteArrayDataInput(counts);
    }

    @Override
    public boolean incrementToken() {
        boolean first = in.getPosition() == 0;
        int own = 0;
        if (again == 0) {
            if (in.eof()) {
                return false;
            }
            long next = in.readVLong();
            term = (int) (next >>> 1);
            own = 1;
            if ((next & 1) == 1) {
                own = in.readVInt();
                again = in.readVInt();
            }
        }
        clearAttributes();
        name.setBytesRef(terms.name(term, scratch));
        if (own > 0) {
            frequency.setTermFrequency(own);
        } else {
            again--;
            // Nothing can stand before the first place.
            increment.setPositionIncrement(first ? 1 : 0);
        }
        return true;
    }

    @Override
    public void reset() {
        in.rewind();
        again = 0;
    }
}
