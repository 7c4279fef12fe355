using System.Text.Json.Serialization;

namespace ChunkProxy.Web.Operations.Purge;

/// <summary>The JSON that a purge is answered with.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true)]
[JsonSerializable(typeof(PurgeAnswer))]
internal sealed partial class PurgeAnswerJson : JsonSerializerContext;
