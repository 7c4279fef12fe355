using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ChunkProxy.Web.Logs;

/// <summary>Formats access log lines: <c>combined</c>, <c>json</c>, or a template.</summary>
internal sealed class LineFormat
{
    private const string Combined = "combined";
    private const string Json = "json";

    private static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true }; // not for HTML

    private readonly Action<AccessEntry, StringBuilder>? _text;
    private readonly bool _withQuery;

    private LineFormat(Action<AccessEntry, StringBuilder>? text, bool withQuery)
    {
        _text = text;
        _withQuery = withQuery;
    }

    /// <param name="format"><c>combined</c>, <c>json</c>, or a template with names of <see cref="LogValues"/> in braces.</param>
    /// <param name="withQuery">Whether to show the queries of URLs.</param>
    /// <exception cref="FormatException">The template has no value, an unknown one, or a brace that is not closed.</exception>
    public static LineFormat Parse(string format, bool withQuery)
    {
        if (format is Json)
        {
            return new LineFormat(null, withQuery);
        }

        return new LineFormat(format is Combined ? (entry, line) => AppendCombined(entry, line, withQuery) : Template(format, withQuery), withQuery);
    }

    /// <summary>Writes one line with its end. No value can contain a line end.</summary>
    public void Write(AccessEntry entry, IBufferWriter<byte> output)
    {
        if (_text is null)
        {
            WriteJson(entry, output);
        }
        else
        {
            var line = new StringBuilder(256);
            _text(entry, line);
            foreach (var part in line.GetChunks())
            {
                Encoding.UTF8.GetBytes(part.Span, output);
            }
        }

        output.Write("\n"u8);
    }

    private void WriteJson(AccessEntry entry, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, JsonOptions);
        json.WriteStartObject();
        foreach (var value in LogValues.All)
        {
            if (value.Of(entry, _withQuery) is not { } text)
            {
                continue;
            }

            if (value.IsNumber)
            {
                json.WritePropertyName(value.Name);
                json.WriteRawValue(text, skipInputValidation: true);
            }
            else
            {
                json.WriteString(value.Name, text);
            }
        }

        json.WriteEndObject();
    }

    // The format of that name in Apache httpd and nginx.
    private static void AppendCombined(AccessEntry entry, StringBuilder line, bool withQuery)
    {
        line.Append(ValueOf("client")).Append(" - - [")
            .Append(entry.At.UtcDateTime.ToString("dd/MMM/yyyy:HH:mm:ss", CultureInfo.InvariantCulture)).Append(" +0000] \"")
            .Append(ValueOf("method")).Append(' ').Append(ValueOf("target")).Append(' ').Append(ValueOf("protocol")).Append("\" ")
            .Append(ValueOf("status")).Append(' ').Append(ValueOf("bytes")).Append(" \"")
            .Append(ValueOf("referer")).Append("\" \"").Append(ValueOf("agent")).Append('"');

        string ValueOf(string name) => Escaped(LogValues.Find(name)!.Of(entry, withQuery));
    }

    private static Action<AccessEntry, StringBuilder> Template(string template, bool withQuery)
    {
        var parts = new List<Action<AccessEntry, StringBuilder>>();
        for (var start = 0; start < template.Length;)
        {
            var open = template.IndexOf('{', start);
            var literal = open < 0 ? template[start..] : template[start..open];
            if (literal.Any(char.IsControl))
            {
                throw new FormatException("a template takes no control characters");
            }

            parts.Add((_, line) => line.Append(literal));
            if (open < 0)
            {
                break;
            }

            var close = template.IndexOf('}', open);
            var name = close < 0 ? template[(open + 1)..] : template[(open + 1)..close];
            var value = close < 0 ? null : LogValues.Find(name);
            if (value is null)
            {
                throw new FormatException($"'{{{name}' is not one of {string.Join(", ", LogValues.All.Select(known => $"{{{known.Name}}}"))}");
            }

            parts.Add((entry, line) => line.Append(Escaped(value.Of(entry, withQuery))));
            start = close + 1;
        }

        return template.Contains('{', StringComparison.Ordinal)
            ? (entry, line) => parts.ForEach(part => part(entry, line))
            : throw new FormatException($"'{template}' is neither combined, nor json, nor a template such as '{{client}} {{target}} {{status}}'");
    }

    // As nginx does, so that a quotation mark or a backslash of a client ends no value.
    private static string Escaped(string? text) =>
        text is null ? "-" : text.AsSpan().ContainsAny('"', '\\') ? text.Replace("\\", "\\x5C", StringComparison.Ordinal).Replace("\"", "\\x22", StringComparison.Ordinal) : text;
}
