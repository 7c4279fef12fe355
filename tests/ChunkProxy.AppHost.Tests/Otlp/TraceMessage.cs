using System.Globalization;
using Google.Protobuf;

namespace ChunkProxy.AppHost.Tests.Otlp;

/// <summary>Reads an ExportTraceServiceRequest (opentelemetry-proto, trace/v1/trace.proto). The numbers are its field numbers.</summary>
internal static class TraceMessage
{
    public static IEnumerable<ReceivedSpan> Read(byte[] request)
    {
        foreach (var resourceSpans in Messages(request, 1))
        {
            var resource = Messages(resourceSpans, 1).SelectMany(Attributes).ToDictionary();
            foreach (var scopeSpans in Messages(resourceSpans, 2))
            {
                var scope = Text(Messages(scopeSpans, 1).First(), 1);
                foreach (var span in Messages(scopeSpans, 2))
                {
                    yield return new ReceivedSpan(
                        resource.GetValueOrDefault("service.name", ""),
                        scope,
                        Text(span, 5),
                        Convert.ToHexStringLower(Messages(span, 1).First()),
                        Convert.ToHexStringLower(Messages(span, 2).First()),
                        Convert.ToHexStringLower(Messages(span, 4).FirstOrDefault([])),
                        Messages(span, 9).Select(KeyValue).ToDictionary());
                }
            }
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> Attributes(byte[] resource) => Messages(resource, 1).Select(KeyValue);

    private static KeyValuePair<string, string> KeyValue(byte[] message) => new(Text(message, 1), Value(Messages(message, 2).FirstOrDefault([])));

    private static string Value(byte[] any)
    {
        var input = new CodedInputStream(any);
        return WireFormat.GetTagFieldNumber(input.ReadTag()) switch
        {
            1 => input.ReadString(),
            2 => input.ReadBool() ? "true" : "false",
            3 => input.ReadInt64().ToString(CultureInfo.InvariantCulture),
            4 => input.ReadDouble().ToString(CultureInfo.InvariantCulture),
            _ => "",
        };
    }

    private static string Text(byte[] message, int field) => System.Text.Encoding.UTF8.GetString(Messages(message, field).FirstOrDefault([]));

    /// <summary>Returns the contents of each occurrence of a length-delimited field.</summary>
    private static IEnumerable<byte[]> Messages(byte[] message, int field)
    {
        var input = new CodedInputStream(message);
        while (input.ReadTag() is var tag and not 0)
        {
            if (WireFormat.GetTagFieldNumber(tag) == field && WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
            {
                yield return input.ReadBytes().ToByteArray();
            }
            else
            {
                input.SkipLastField();
            }
        }
    }
}
