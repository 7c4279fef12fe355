using System.Text.Json.Serialization;

namespace ChunkProxy.Web.Operations.Purge;

/// <summary>The JSON of a response to a purge.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true)]
[JsonSerializable(typeof(PurgeAnswer))]
internal sealed partial class PurgeAnswerJson : JsonSerializerContext;
