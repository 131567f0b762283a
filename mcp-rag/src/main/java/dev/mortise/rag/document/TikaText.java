package dev.mortise.rag.document;

import java.util.Locale;
import org.xml.sax.Attributes;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/** Hears the XHTML that Tika makes of a document. */
final class TikaText extends DefaultHandler {
    private final RenderedText rendered;

    TikaText(RenderedText rendered) {
        this.rendered = rendered;
    }

    /** There is more text than is allowed, or nobody waits for it any longer. */
    static final class Enough extends SAXException {
        private static final long serialVersionUID = 1L;

        Enough(String message) {
            super(message);
        }
    }

    @Override
    public void startElement(String uri, String localName, String name, Attributes attributes) {
        rendered.open(localName.toLowerCase(Locale.ROOT), false);
    }

    @Override
    public void endElement(String uri, String localName, String name) {
        rendered.close(localName.toLowerCase(Locale.ROOT));
    }

    @Override
    public void characters(char[] characters, int start, int length) throws SAXException {
        rendered.text(new String(characters, start, length));
        if (rendered.isFull()) {
            throw new Enough("There is more text than is allowed");
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new Enough("Reading was stopped");
        }
    }

    @Override
    public void ignorableWhitespace(char[] characters, int start, int length) throws SAXException {
        characters(characters, start, length);
    }
}
