using ChunkProxy.Packaging;

// Writes files that are shipped with the product. eng/release.sh calls it.
switch (args)
{
    case ["notices", var deps, var file]:
        File.WriteAllText(file, Notices.Of(ShippedPackages.Of(deps)));
        return 0;
    default:
        Console.Error.WriteLine("""
            Usage:
              notices DEPS.JSON FILE    the licences of the packages that a program ships
            """);
        return 2;
}
