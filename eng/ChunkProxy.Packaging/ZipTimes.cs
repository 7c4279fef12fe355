using System.IO.Compression;

namespace ChunkProxy.Packaging;

/// <summary>The times in a ZIP file, which NuGet sets to the time at which it packs.</summary>
internal static class ZipTimes
{
    /// <summary>Writes the file again, with one time and in the order of names.</summary>
    /// <param name="file">A ZIP file, such as a NuGet package.</param>
    /// <param name="time">Stored in UTC, as a whole number of two seconds.</param>
    public static void Set(string file, DateTimeOffset time)
    {
        var written = file + ".new";
        using (var source = ZipFile.OpenRead(file))
        using (var target = ZipFile.Open(written, ZipArchiveMode.Create))
        {
            foreach (var entry in source.Entries.OrderBy(entry => entry.FullName, StringComparer.Ordinal))
            {
                var copy = target.CreateEntry(entry.FullName, CompressionLevel.SmallestSize);
                copy.LastWriteTime = time.ToUniversalTime();
                copy.ExternalAttributes = entry.ExternalAttributes;
                using var from = entry.Open();
                using var to = copy.Open();
                from.CopyTo(to);
            }
        }

        File.Move(written, file, overwrite: true);
    }
}
