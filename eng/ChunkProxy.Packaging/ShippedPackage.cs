namespace ChunkProxy.Packaging;

/// <summary>A NuGet package whose libraries are shipped with the product.</summary>
/// <param name="Id">As its author writes it.</param>
/// <param name="Version">The version that is shipped.</param>
/// <param name="Licence">SPDX expression.</param>
/// <param name="Copyright">The copyright line of the package; without one: its authors.</param>
/// <param name="ProjectUrl">The home page; null: none is named.</param>
/// <param name="Sha512">Hash of the package file, as hex digits.</param>
/// <param name="Notices">Notices of third parties that the package carries.</param>
internal sealed record ShippedPackage(
    string Id, string Version, string Licence, string Copyright, string? ProjectUrl, string Sha512, IReadOnlyList<string> Notices)
{
    /// <summary>Names of the packages that it needs, of those that are shipped.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>Its name in a bill of materials (purl).</summary>
    public string Purl => $"pkg:nuget/{Id}@{Version}";
}
