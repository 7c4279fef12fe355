using System.Text.Json.Serialization;

namespace ChunkProxy.Cache.Purges.Exchange;

/// <summary>The JSON format in which members exchange purges.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PurgeBatch))]
[JsonSerializable(typeof(PurgeRequest))]
[JsonSerializable(typeof(PurgeConfirmation))]
internal sealed partial class PurgeJson : JsonSerializerContext;
