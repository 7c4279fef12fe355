using System.Text.Json.Nodes;

namespace ChunkProxy.Packaging;

/// <summary>The bill of materials (SBOM) in CycloneDX 1.6: the product and every package that it ships, with version, licence and hash.</summary>
internal static class BillOfMaterials
{
    private const string Product = "chunkproxy";

    /// <param name="version">Version of the product.</param>
    /// <param name="time">Time of the commit, as RFC 3339 has it; so that two runs for one commit are equal.</param>
    /// <param name="packages">What is shipped with it.</param>
    public static string Write(string version, string time, IReadOnlyList<ShippedPackage> packages)
    {
        var product = $"pkg:nuget/{Product}@{version}";
        var purls = packages.ToDictionary(it => it.Id, it => it.Purl, StringComparer.OrdinalIgnoreCase);
        var needed = packages.SelectMany(it => it.Needs).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var bill = new JsonObject
        {
            ["bomFormat"] = "CycloneDX",
            ["specVersion"] = "1.6",
            ["version"] = 1,
            ["metadata"] = new JsonObject
            {
                ["timestamp"] = time,
                ["component"] = new JsonObject
                {
                    ["type"] = "application",
                    ["bom-ref"] = product,
                    ["name"] = Product,
                    ["version"] = version,
                    ["licenses"] = LicencesOf("MIT"),
                    ["purl"] = product,
                },
            },
            ["components"] = new JsonArray([.. packages.Select(ComponentOf)]),
            ["dependencies"] = new JsonArray(
            [
                // The product needs all that nothing else brings along.
                DependencyOf(product, packages.Where(it => !needed.Contains(it.Id)).Select(it => it.Purl)),
                .. packages.Select(it => DependencyOf(it.Purl, it.Needs.Select(id => purls[id]))),
            ]),
        };
        return bill.ToJsonString(new() { WriteIndented = true }) + "\n";
    }

    private static JsonObject ComponentOf(ShippedPackage package)
    {
        var component = new JsonObject
        {
            ["type"] = "library",
            ["bom-ref"] = package.Purl,
            ["name"] = package.Id,
            ["version"] = package.Version,
            ["copyright"] = package.Copyright,
            ["licenses"] = LicencesOf(package.Licence),
            ["purl"] = package.Purl,
            ["hashes"] = new JsonArray(new JsonObject { ["alg"] = "SHA-512", ["content"] = package.Sha512 }),
        };
        if (package.ProjectUrl is { } url)
        {
            component["externalReferences"] = new JsonArray(new JsonObject { ["type"] = "website", ["url"] = url });
        }

        return component;
    }

    private static JsonArray LicencesOf(string licence) => new(new JsonObject { ["license"] = new JsonObject { ["id"] = licence } });

    private static JsonObject DependencyOf(string purl, IEnumerable<string> needs) => new()
    {
        ["ref"] = purl,
        ["dependsOn"] = new JsonArray([.. needs.Order(StringComparer.Ordinal).Select(need => (JsonNode)need)]),
    };
}
