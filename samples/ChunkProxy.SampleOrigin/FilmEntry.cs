using System.Text.Json.Serialization;

namespace ChunkProxy.SampleOrigin;

/// <summary>A film in <c>/films.json</c>.</summary>
internal sealed record FilmEntry(string Name, string Title, double Seconds, long Bytes);

/// <summary>The JSON of <c>/films.json</c>. Generated, so that a trimmed program can write it.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IEnumerable<FilmEntry>))]
internal sealed partial class FilmsJson : JsonSerializerContext;
