using ChunkProxy.Packaging;
using ChunkProxy.Testing.Nodes;

namespace ChunkProxy.Release.Tests.Packaging;

public sealed class NoticesTests
{
    private static readonly IReadOnlyList<ShippedPackage> Packages = ShippedPackages.Of(ProductBuild.Assembly("ChunkProxy.Web", "chunkproxy.deps.json"));

    [Fact]
    public async Task Of_WhatIsShipped_IsTheFileInTheRepository()
    {
        var file = await File.ReadAllTextAsync(Path.Combine(ProductBuild.Root, "THIRD-PARTY-NOTICES"), TestContext.Current.CancellationToken);

        Assert.True(Notices.Of(Packages) == file, "THIRD-PARTY-NOTICES is not of the packages that are shipped: eng/release.sh notices");
    }

    // Every library beside the program's own comes from a package that is named.
    [Fact]
    public void Packages_OfTheProgram_HaveALicenceEach()
    {
        Assert.Contains(Packages, package => package.Id == "StackExchange.Redis");
        Assert.Contains(Packages, package => package.Id == "dotnet-etcd");
        Assert.All(Packages, package => Assert.Contains(package.Licence, (string[])["MIT", "Apache-2.0", "BSD-3-Clause"]));
        Assert.All(Packages, package => Assert.StartsWith("Copyright", package.Copyright, StringComparison.OrdinalIgnoreCase));
    }
}
