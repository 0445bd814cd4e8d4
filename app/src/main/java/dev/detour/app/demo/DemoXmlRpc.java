package dev.detour.app.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** The XML-RPC methods that mirrors call: {@code changelog_last_serial} and {@code list_packages_with_serial}. */
final class DemoXmlRpc {
    private static final int NOT_WELL_FORMED = -32700;
    private static final int UNKNOWN_METHOD = -32601;

    private final DemoPackages packages;

    DemoXmlRpc(DemoPackages packages) {
        this.packages = packages;
    }

    /** The {@code methodResponse} to a {@code methodCall}; mistakes of the caller are faults. */
    byte[] answer(byte[] call) {
        String response;
        try {
            String method = methodName(call);
            response = switch (method) {
                case "changelog_last_serial" -> result("<int>" + packages.lastSerial() + "</int>");
                case "list_packages_with_serial" -> result(serials());
                default -> fault(UNKNOWN_METHOD, "server error; requested method not found");
            };
        } catch (XMLStreamException e) {
            response = fault(NOT_WELL_FORMED, "parse error; not well formed");
        }
        return ("<?xml version='1.0'?>\n<methodResponse>" + response + "</methodResponse>\n").getBytes(UTF_8);
    }

    private static String methodName(byte[] call) throws XMLStreamException {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false); // a call needs none, and entities could read files
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        XMLStreamReader reader = factory.createXMLStreamReader(new ByteArrayInputStream(call));
        try {
            while (reader.hasNext()) {
                if (reader.next() == XMLStreamConstants.START_ELEMENT
                        && reader.getLocalName().equals("methodName")) {
                    return reader.getElementText().strip();
                }
            }
        } finally {
            reader.close();
        }
        throw new XMLStreamException("methodName: absent (expected: the name of the method)");
    }

    private String serials() {
        StringBuilder members = new StringBuilder("<struct>");
        packages.projects()
                .forEach(project -> members.append("<member><name>")
                        .append(project.name())
                        .append("</name><value><int>")
                        .append(project.serial())
                        .append("</int></value></member>"));
        return members.append("</struct>").toString();
    }

    private static String result(String value) {
        return "<params><param><value>" + value + "</value></param></params>";
    }

    private static String fault(int code, String text) {
        return "<fault><value><struct><member><name>faultCode</name><value><int>" + code
                + "</int></value></member><member><name>faultString</name><value><string>" + text
                + "</string></value></member></struct></value></fault>";
    }
}
