using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChunkProxy.Web.Operations.Access;

/// <summary>JSON options for answers that people read too.</summary>
internal static class ReadableJson
{
    /// <summary>Returns indented options that escape only what JSON requires, because the answer is never part of a page.</summary>
    /// <remarks>A serializer context takes ownership of its options, so each context needs its own.</remarks>
    public static JsonSerializerOptions CreateOptions() => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DictionaryKeyPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
