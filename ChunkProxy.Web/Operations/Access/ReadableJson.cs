using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChunkProxy.Web.Operations.Access;

/// <summary>The form of JSON answers that people read too.</summary>
internal static class ReadableJson
{
    /// <summary>Indented, and only what JSON itself demands is escaped: the answer is JSON, never part of a page. A context takes the options over, so each gets its own.</summary>
    public static JsonSerializerOptions CreateOptions() => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DictionaryKeyPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
