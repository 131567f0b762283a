package dev.mortise.rag.store.lucene;

import dev.mortise.rag.analysis.Token;
import java.util.List;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionIncrementAttribute;

/** Tokens for the index. Those that say again what another says count as no length. */
final class TermStream extends TokenStream {
    private final CharTermAttribute term = addAttribute(CharTermAttribute.class);
    private final PositionIncrementAttribute increment = addAttribute(PositionIncrementAttribute.class);
    private final List<Token> tokens;
    private int next;

    TermStream(List<Token> tokens) {
        this.tokens = tokens;
    }

    @Override
    public boolean incrementToken() {
        if (next == tokens.size()) {
            return false;
        }
        clearAttributes();
        Token token = tokens.get(next);
        term.append(token.term());
        boolean again = token.form() == Token.Form.WHOLE || token.form() == Token.Form.HAN_WORD;
        increment.setPositionIncrement(again && next > 0 ? 0 : 1);
        next++;
        return true;
    }

    @Override
    public void reset() {
        next = 0;
    }
}
