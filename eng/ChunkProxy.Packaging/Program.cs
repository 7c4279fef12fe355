using System.Globalization;
using ChunkProxy.Packaging;

// Writes files that are shipped with the product. eng/release.sh calls it.
switch (args)
{
    case ["notices", var deps, var file]:
        File.WriteAllText(file, Notices.Of(ShippedPackages.Of(deps)));
        return 0;
    case ["man", var version, var date, var file]:
        File.WriteAllText(file, ManPage.Write(version, date));
        return 0;
    case ["copyright", .. var files, var file]:
        File.WriteAllText(file, DebianCopyright.Of(files.Select(File.ReadAllText)));
        return 0;
    case ["zip", var file, var epoch]:
        ZipTimes.Set(file, DateTimeOffset.FromUnixTimeSeconds(long.Parse(epoch, CultureInfo.InvariantCulture)));
        return 0;
    case ["sbom", var deps, var version, var time, var file]:
        File.WriteAllText(file, BillOfMaterials.Write(version, time, ShippedPackages.Of(deps)));
        return 0;
    case ["schemas", var folder]:
        foreach (var (name, text) in Schemas.All)
        {
            File.WriteAllText(Path.Combine(folder, name), text);
        }

        return 0;
    default:
        Console.Error.WriteLine("""
            Usage:
              notices DEPS.JSON FILE              the licences of the packages that a program ships
              man VERSION DATE FILE               the man page
              copyright FILE... FILE              the copyright file of the Debian package
              zip FILE EPOCH                      gives every file in a package one time
              schemas FOLDER                      the JSON schemas of responses
              sbom DEPS.JSON VERSION TIME FILE    the bill of materials
            """);
        return 2;
}
