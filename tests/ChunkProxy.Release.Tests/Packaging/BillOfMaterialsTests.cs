using System.Security.Cryptography;
using System.Text.Json;
using ChunkProxy.Packaging;
using ChunkProxy.Testing.Nodes;

namespace ChunkProxy.Release.Tests.Packaging;

public sealed class BillOfMaterialsTests
{
    private static readonly string Deps = ProductBuild.Assembly("ChunkProxy.Web", "chunkproxy.deps.json");

    // The program's own list of files says which libraries are shipped; NuGet's folder says what their packages are.
    [Fact]
    public void Write_OfTheProgram_NamesThePackageOfEveryLibrary()
    {
        using var bill = JsonDocument.Parse(BillOfMaterials.Write("0.2.0", "2026-11-30T00:00:00Z", ShippedPackages.Of(Deps)));
        using var deps = JsonDocument.Parse(File.ReadAllBytes(Deps));
        var shipped = deps.RootElement.GetProperty("targets").EnumerateObject().Single().Value.EnumerateObject()
            .Where(library => library.Value.TryGetProperty("runtime", out _))
            .Select(library => library.Name)
            .Where(name => !name.StartsWith("ChunkProxy", StringComparison.OrdinalIgnoreCase));

        var components = bill.RootElement.GetProperty("components").EnumerateArray().ToDictionary(it => $"{it.GetProperty("name")}/{it.GetProperty("version")}");

        Assert.All(shipped, name => Assert.Contains(name, components.Keys));
        Assert.All(components, it => Assert.Equal(HashOf(it.Key), it.Value.GetProperty("hashes")[0].GetProperty("content").GetString()));
        Assert.All(components.Values, it => Assert.NotEqual("", it.GetProperty("licenses")[0].GetProperty("license").GetProperty("id").GetString()));
    }

    [Fact]
    public void Write_Dependencies_ReachEveryComponentFromTheProduct()
    {
        using var bill = JsonDocument.Parse(BillOfMaterials.Write("0.2.0", "2026-11-30T00:00:00Z", ShippedPackages.Of(Deps)));
        var needs = bill.RootElement.GetProperty("dependencies").EnumerateArray()
            .ToDictionary(it => it.GetProperty("ref").GetString()!, it => it.GetProperty("dependsOn").EnumerateArray().Select(need => need.GetString()!).ToList());
        var reached = new HashSet<string>();
        var open = new Stack<string>([bill.RootElement.GetProperty("metadata").GetProperty("component").GetProperty("bom-ref").GetString()!]);
        while (open.TryPop(out var purl))
        {
            if (reached.Add(purl))
            {
                needs[purl].ForEach(open.Push);
            }
        }

        Assert.Equal(needs.Keys.Order(), reached.Order());
        Assert.True(reached.Count > 10);
    }

    private static string HashOf(string name) => Convert.ToHexStringLower(SHA512.HashData(
        File.ReadAllBytes(Directory.EnumerateFiles(Path.Combine(ShippedPackages.Folder, name.ToLowerInvariant()), "*.nupkg").Single())));
}
