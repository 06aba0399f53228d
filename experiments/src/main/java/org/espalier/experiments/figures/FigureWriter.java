// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.figures;

import de.rototor.pdfbox.graphics2d.PdfBoxGraphics2D;
import de.rototor.pdfbox.graphics2d.PdfBoxGraphics2DFontTextDrawer;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGraphics2D;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.w3c.dom.Document;

/** Figures as files. */
public final class FigureWriter {
    private static final double DOTS_PER_INCH = 300;
    private static final double POINTS_PER_INCH = 72;

    private FigureWriter() {}

    /** What kind of file. */
    public enum Format {
        /** Pixels, 300 an inch. */
        PNG,
        /** Vectors for browsers. */
        SVG,
        /** Vectors for papers. */
        PDF
    }

    /** How wide. */
    public enum Width {
        /** A column of a paper in two columns: 3.3 inches. */
        COLUMN(237.6),
        /** The text of a page: 6.85 inches. */
        PAGE(493.2);

        private final double points;

        Width(double points) {
            this.points = points;
        }
    }

    /** Writes a figure. */
    public static void write(Figure figure, Format format, Width width, OutputStream out)
            throws IOException {
        FigurePainter painter = new FigurePainter(figure, width.points);
        switch (format) {
            case PNG -> png(painter, width.points, out);
            case SVG -> svg(painter, width.points, out);
            case PDF -> pdf(painter, width.points, out);
        }
    }

    private static void png(FigurePainter painter, double width, OutputStream out)
            throws IOException {
        double scale = DOTS_PER_INCH / POINTS_PER_INCH;
        BufferedImage image =
                new BufferedImage(
                        (int) Math.ceil(width * scale),
                        (int) Math.ceil(painter.height() * scale),
                        BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setColor(Color.WHITE); // to the last pixel, which the figure fills in part
        g.fillRect(0, 0, image.getWidth(), image.getHeight());
        g.scale(scale, scale);
        painter.paint(g);
        g.dispose();
        ImageIO.write(image, "png", out);
    }

    private static void svg(FigurePainter painter, double width, OutputStream out)
            throws IOException {
        Document document;
        try {
            document =
                    DocumentBuilderFactory.newInstance()
                            .newDocumentBuilder()
                            .getDOMImplementation()
                            .createDocument("http://www.w3.org/2000/svg", "svg", null);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
        SVGGraphics2D g = new SVGGraphics2D(document);
        g.setSVGCanvasSize(
                new Dimension((int) Math.ceil(width), (int) Math.ceil(painter.height())));
        painter.paint(g);
        Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
        g.stream(writer, true);
        writer.flush();
    }

    private static void pdf(FigurePainter painter, double width, OutputStream out)
            throws IOException {
        try (PDDocument document = new PDDocument()) {
            float height = (float) painter.height();
            PDPage page = new PDPage(new PDRectangle((float) width, height));
            document.addPage(page);
            PdfBoxGraphics2D g = new PdfBoxGraphics2D(document, (float) width, height);
            // fonts of Java have no file that a document could hold: text is drawn as shapes
            g.setFontTextDrawer(new PdfBoxGraphics2DFontTextDrawer());
            painter.paint(g);
            g.dispose();
            try (PDPageContentStream stream = new PDPageContentStream(document, page)) {
                stream.drawForm(g.getXFormObject());
            }
            document.save(out);
        }
    }
}
