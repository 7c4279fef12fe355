using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChunkProxy.Testing.Nodes;
using Json.Schema;

namespace ChunkProxy.FunctionalTests.Operations;

/// <summary>A schema of docs/schemas, without room for fields that it does not describe.</summary>
internal sealed class PublishedSchema
{
    private static readonly ConcurrentDictionary<string, PublishedSchema> Schemas = new(StringComparer.Ordinal);
    private static readonly EvaluationOptions Strict = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };

    private readonly JsonSchema _schema;

    private PublishedSchema(JsonSchema schema) => _schema = schema;

    /// <summary>Returns a schema; <paramref name="name"/> is that of its file.</summary>
    public static PublishedSchema Of(string name) => Schemas.GetOrAdd(name, Read);

    private static PublishedSchema Read(string name)
    {
        var schema = JsonNode.Parse(File.ReadAllText(Path.Combine(ProductBuild.Root, "docs/schemas", name)))!;
        Close(schema);
        return new PublishedSchema(JsonSchema.FromText(schema.ToJsonString()));
    }

    /// <summary>Returns what is wrong with the text of a response; nothing if it is valid.</summary>
    public IReadOnlyList<string> FaultsOf(string text)
    {
        using var document = JsonDocument.Parse(text);
        var result = _schema.Evaluate(document.RootElement, Strict);
        return result.IsValid
            ? []
            : [.. result.Details!.Where(detail => detail.Errors is not null).SelectMany(detail => detail.Errors!.Select(error => $"{detail.InstanceLocation}: {error.Key}: {error.Value}"))];
    }

    // Clients may get new fields; a test wants each field described.
    private static void Close(JsonNode? node)
    {
        if (node is JsonObject schema)
        {
            foreach (var (_, value) in schema)
            {
                Close(value);
            }

            if (schema["properties"] is JsonObject)
            {
                schema["additionalProperties"] ??= false;
            }
        }
        else if (node is JsonArray list)
        {
            foreach (var value in list)
            {
                Close(value);
            }
        }
    }
}
