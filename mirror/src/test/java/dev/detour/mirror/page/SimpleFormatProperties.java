package dev.detour.mirror.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SimpleFormatProperties {
    /** One well-formed element: its type and its weight in tenths. */
    record Element(String type, int tenths) {
        String written() {
            return tenths == 10 ? type : type + ";q=0." + tenths;
        }
    }

    @Provide
    Arbitrary<List<Element>> accepts() {
        Arbitrary<String> types = Arbitraries.of(
                "text/html",
                "application/vnd.pypi.simple.v1+html",
                "application/vnd.pypi.simple.v1+json",
                "application/vnd.pypi.simple.latest+html",
                "application/vnd.pypi.simple.latest+json",
                "application/*",
                "text/*",
                "*/*",
                "image/png");
        return Combinators.combine(types, Arbitraries.integers().between(0, 10))
                .as(Element::new)
                .list()
                .ofMaxSize(6);
    }

    @Property(tries = 5000)
    void choiceIsThatOfTheNaiveReading(@ForAll("accepts") List<Element> elements) {
        String header =
                String.join(", ", elements.stream().map(Element::written).toList());

        SimpleFormat chosen = SimpleFormat.negotiate(header, null);

        assertThat(chosen).isEqualTo(naive(elements));
    }

    private static SimpleFormat naive(List<Element> elements) {
        int html = weight(elements, List.of("text/html"), "text/*");
        int v1Html = weight(
                elements,
                List.of("application/vnd.pypi.simple.v1+html", "application/vnd.pypi.simple.latest+html"),
                "application/*");
        int v1Json = weight(
                elements,
                List.of("application/vnd.pypi.simple.v1+json", "application/vnd.pypi.simple.latest+json"),
                "application/*");
        if (html >= v1Html && html >= v1Json) {
            return SimpleFormat.TEXT_HTML;
        }
        return v1Html >= v1Json ? SimpleFormat.V1_HTML : SimpleFormat.V1_JSON;
    }

    private static int weight(List<Element> elements, List<String> exact, String half) {
        for (List<String> level : List.of(exact, List.of(half), List.of("*/*"))) {
            List<Element> matching = elements.stream()
                    .filter(element -> level.contains(element.type()))
                    .toList();
            if (!matching.isEmpty()) {
                return matching.stream().mapToInt(Element::tenths).max().orElseThrow();
            }
        }
        return 0;
    }

    @Property
    void noHeaderBreaksTheChoice(@ForAll String accept, @ForAll String format) {
        assertThat(SimpleFormat.negotiate(accept, format)).isNotNull();
    }
}
